import type { components } from './schema'

/**
 * Names for the shapes of the API that the console uses. They are the generated ones
 * (`make openapi`); what only this front end knows stands at the end.
 */
type Schemas = components['schemas']

export type Config = Schemas['Config']
export type ProblemBody = Schemas['Problem']

export type Staff = Schemas['Staff']
export type Permission = Staff['permissions'][number]
export type StaffSession = Schemas['StaffSession']
export type StaffSignIn = Schemas['StaffSignIn']
export type NewPassword = Schemas['NewPassword']
export type Enrolment = Schemas['Enrolment']
export type DemoStaff = Schemas['DemoStaffMember']

export type StaffAppointment = Schemas['StaffAppointment']
/** Who comes with an appointment and how it came about. */
export type Company = Pick<StaffAppointment, 'agent' | 'visit' | 'source' | 'channel'>
export type StaffAppointmentDetail = Schemas['StaffAppointmentDetail']
export type AppointmentState = StaffAppointment['state']
export type TimelineEntry = Schemas['AppointmentLine']
export type BoardWindow = Schemas['Window']
export type WindowStatus = Schemas['WindowStatus']['status']
export type BoardStats = Schemas['Stats']
export type Board = Schemas['Board']
export type Screen = Schemas['Screen']
export type CheckIn = Schemas['CheckIn']
export type GroupChoice = Schemas['GroupChoice']
export type HallFigures = Schemas['HallFigures']
export type WalkIn = Schemas['WalkIn']
export type Reveal = Schemas['Reveal']
export type Revealed = Schemas['Revealed']
export type VideoRoom = Schemas['VideoRoom']

export type ScheduleRule = Schemas['Rule']
export type Schedule = Schemas['ShownSchedule']
export type ItemGroup = Schemas['Group']
export type DayOverride = Schemas['Override']
export type DayOverridden = Schemas['DayOverridden']
export type Slot = Schemas['StaffSlot']
export type Hall = Schemas['Hall']

export type ItemCard = Schemas['ItemCard']
export type ItemRow = Schemas['StaffItemRow']
export type ItemContent = Schemas['ItemContent']
export type StaffItem = Schemas['StaffItem']
export type NewItem = Schemas['NewItem']
export type ItemVersion = Schemas['ItemVersion']
export type ItemVersionDetail = Schemas['ItemVersionDetail']
export type Department = Schemas['CatalogCount']

export type Account = Schemas['Account']
export type NewAccount = Schemas['AccountIn']
export type CreatedAccount = Schemas['NewAccount']
export type AccountChange = Schemas['AccountPatch']
export type TemporaryPassword = Schemas['TemporaryPassword']
export type RoleGrant = Schemas['HeldRole']
export type RoleInfo = Schemas['StaffRole']
export type RoleChoice = Schemas['RoleToGive']
export type ScopeKind = RoleChoice['scope_kind']
export type Place = Schemas['ScopePlace']

export type MessageRow = Schemas['LoggedMessage']
export type MessageDetail = Schemas['LoggedMessageDetail']
export type DeliveryAttempt = Schemas['Attempt']
export type RevealRow = Schemas['RevealEntry']

/** A list of any of them; short lists come whole, without a cursor. */
export interface Page<T> {
  items: T[]
  next_cursor?: string | null
}
