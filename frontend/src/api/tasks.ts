/** Conditions of armed-forces units, and their tasks. */
import { get, request, type Query } from './client'
import type { Page, Task, TaskRow, UnitCondition } from './types'

export function listTasks(query: Query): Promise<Page<TaskRow>> {
  return get('/tasks', query)
}

export function fetchTask(id: string): Promise<Task> {
  return get(`/tasks/${id}`)
}

export function listConditions(pairingId: string): Promise<Page<UnitCondition>> {
  return get(`/pairings/${pairingId}/conditions`, { limit: 100 })
}

export function recordCondition(pairingId: string, body: unknown, idempotencyKey: string): Promise<UnitCondition> {
  return request('POST', `/pairings/${pairingId}/conditions`, { body, idempotencyKey })
}

export function assignTask(pairingId: string, body: unknown, idempotencyKey: string): Promise<Task> {
  return request('POST', `/pairings/${pairingId}/tasks`, { body, idempotencyKey })
}

export function changeTask(task: { id: string; version: number }, body: unknown): Promise<Task> {
  return request('PATCH', `/tasks/${task.id}`, { body, version: task.version })
}
