import type { components, operations } from './schema'

/**
 * Names for the shapes of the API that the app uses. They are the generated ones
 * (`make openapi`); what only this front end knows stands at the end.
 */
type Schemas = components['schemas']

export type Config = Schemas['Config']
export type SubscribeTemplate = Schemas['SubscribeTemplate']
export type PrivacyPolicy = Schemas['Policy']

export type Me = Schemas['Me']
export type Channel = Me['channel']
export type Session = Schemas['Session']
export type SignedIn = Schemas['SignedIn']
export type SmsSent = Schemas['SmsSent']
export type SmsPurpose = Schemas['SmsCode']['purpose']
export type PhoneProof = Schemas['Phone']
export type OwnData = Schemas['OwnData']
export type DemoPerson = Schemas['DemoPerson']
export type DemoRegisterEntry = Schemas['DemoRegisterEntry']
export type DemoCode = Schemas['DemoCode']
export type DemoText = Schemas['DemoText']

export type ItemCard = Schemas['ItemCard']
export type ItemPage = Schemas['ItemCardPage']
/** How the list of items is narrowed; a page that has no cursor yet says null. */
export type ItemFilter = Omit<NonNullable<operations['catalog_items']['parameters']['query']>, 'cursor'> & {
  cursor?: string | null
}
export type Suggestion = Schemas['ItemSuggestion']
export type Material = Schemas['ItemMaterial']
export type Step = Schemas['ItemStep']
export type Place = Schemas['ItemPlace']
export type Item = Schemas['Item']
export type Group = Schemas['CatalogCount']
export type LifeEvent = Schemas['LifeEventCard']
export type LifeEventDetail = Schemas['LifeEvent']

export type Hall = Schemas['Hall']
export type HallScreen = Schemas['Screen']
/** `release_at`: when the first places of a day that cannot be booked yet come. */
export type Day = Schemas['Day'] & { release_at?: string | null }
/** `rest_at`: when more places of it come. */
export type Slot = Schemas['Slot'] & { rest_at?: string | null }
/** The times of a day. */
export interface SlotPage {
  items: Slot[]
}
export interface NewBooking {
  slot_id: string
  item_id: string
  /** Whom it is for, by the consent given to the one who books. */
  consent_id?: string
  /** A place of the video consultations. */
  video?: boolean
}

export type Appointment = Schemas['Appointment']
export type AppointmentState = Appointment['state']
export type Queue = Schemas['Queue']
export type TimelineEntry = Schemas['TimelineEntry']

export type Matter = Schemas['Matter']
export type MatterDetail = Schemas['MatterDetail']
/** What receipt number and query code show. */
export type PublicMatter = Schemas['PublicMatterDetail']

export type Message = Schemas['Message']
export type Inbox = Schemas['MessagePage']
export type InboxFilter = Pick<NonNullable<operations['messages_show_inbox']['parameters']['query']>, 'topic' | 'unread'>
export type InboxTopic = Inbox['topics'][number]['topic']
export type ReadAll = Schemas['ReadAll']
export type MessageSettings = Schemas['MessageSettings']
export type MessageTopic = MessageSettings['topics'][number]
export type MessageChoice = Schemas['MessageChoice']
export type ConsentEvent = Schemas['ConsentEvent']
export type NotificationGrant = Schemas['Grant']
export type GrantReport = Schemas['ConsentReport']
export type SubscribeResult = GrantReport['results'][string]

export type Problem = Schemas['Problem']

/** A list of any of them; short lists come whole, without a cursor. */
export interface Page<T> {
  items: T[]
  next_cursor?: string | null
}
