/**
 * What of booking the API answers to. The pages of what it does not yet are left out of pages.json,
 * and nothing leads to them; a test compares this with the documented routes.
 */
export const features = {
  agents: true,
  visits: true,
  waitlist: true,
  suggestions: true,
  standing: true,
}
export type Feature = keyof typeof features
