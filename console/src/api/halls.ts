import { whatWasShown } from '@/lib/shown'
import { client } from './client'
import type {
  Board,
  BoardWindow,
  DayOverridden,
  GroupChoice,
  HallFigures,
  Page,
  Reveal,
  Revealed,
  Screen,
  Schedule,
  ScheduleRule,
  Slot,
  StaffAppointment,
  StaffAppointmentDetail,
  VideoRoom,
  WalkIn,
  WindowStatus,
} from './types'

/** Calls about a hall's day: the board, check-in, windows, the queue, schedules. */

export type QueueAction = 'recall' | 'skip' | 'requeue' | 'start' | 'park' | 'finish' | 'no-show'

export const board = (hallId: string, date?: string) =>
  client.poll<Board>(`/staff/halls/${hallId}/board`, { date })

export const screen = (hallId: string) => client.poll<Screen>(`/halls/${hallId}/screen`)

export const appointment = (id: string) => client.get<StaffAppointmentDetail>(`/staff/appointments/${id}`)

export const checkIn = (hallId: string, scanned: string) =>
  client.send<StaffAppointment>('POST', `/staff/halls/${hallId}/check-ins`, whatWasShown(scanned))

export function callTo(windowId: string, appointmentId?: string): Promise<StaffAppointment> {
  return client.send(
    'POST',
    `/staff/windows/${windowId}/calls`,
    appointmentId ? { appointment_id: appointmentId } : {},
  )
}

/** `version` is the one on the screen: a ticket that somebody else moved meanwhile is refused. */
export function act(
  row: Pick<StaffAppointment, 'id' | 'version'>,
  action: QueueAction,
): Promise<StaffAppointment> {
  return client.send('POST', `/staff/appointments/${row.id}/${action}`, { version: row.version })
}

/** Serve this person first up to `until`; null: for good. */
export function grantPrecedence(id: string, until: string | null): Promise<StaffAppointmentDetail> {
  return client.send('PUT', `/staff/appointments/${id}/precedence`, { until })
}

export function revokePrecedence(id: string): Promise<StaffAppointmentDetail> {
  return client.send('DELETE', `/staff/appointments/${id}/precedence`)
}

export const walkInChoices = (hallId: string) =>
  client.get<Page<GroupChoice>>(`/staff/halls/${hallId}/walk-in-choices`)

/** A ticket for somebody without a booking; what is left empty is not asked for. */
export function walkIn(hallId: string, comer: Partial<WalkIn>): Promise<StaffAppointment> {
  return client.send('POST', `/staff/halls/${hallId}/walk-ins`, comer)
}

/** The clerk's link to the room of who was called; the resident is told at the first time. */
export const openVideo = (id: string): Promise<VideoRoom> =>
  client.send('POST', `/staff/appointments/${id}/video-room`, {})

/** On to another window, or to all who do another business; the place in the queue is kept. */
export function transfer(
  row: Pick<StaffAppointment, 'id' | 'version'>,
  where: { window_id: string } | { group: string },
): Promise<StaffAppointment> {
  return client.send('POST', `/staff/appointments/${row.id}/transfer`, { ...where, version: row.version })
}

export const hallFigures = (hallId: string, from: string, to: string) =>
  client.get<HallFigures>(`/staff/halls/${hallId}/figures`, { from, to })

export function setWindow(id: string, status: WindowStatus): Promise<BoardWindow> {
  return client.send('PATCH', `/staff/windows/${id}`, { status })
}

export type RevealField = Reveal['field']

export function reveal(id: string, field: RevealField, purpose: string): Promise<Revealed> {
  return client.send('POST', `/staff/appointments/${id}/reveals`, { field, purpose })
}

export const schedules = (hallId: string) => client.edit<Schedule>(`/staff/halls/${hallId}/schedules`)

export function saveSchedules(hallId: string, items: ScheduleRule[]): Promise<Schedule> {
  return client.save(`/staff/halls/${hallId}/schedules`, { items })
}

export const slots = (hallId: string, date: string) =>
  client.get<Page<Slot>>(`/staff/halls/${hallId}/slots`, { date })

export function setCapacity(slotId: string, capacity: number): Promise<Slot> {
  return client.send('PATCH', `/staff/slots/${slotId}`, { capacity })
}

export function overrideDay(
  hallId: string,
  date: string,
  open: boolean,
  note: string,
): Promise<DayOverridden> {
  return client.send('PUT', `/staff/halls/${hallId}/day-overrides/${date}`, { open, note })
}
