// The terminal of `npm run dev`: a line for what happened, once, and none for what did not.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startWorker, type Worker } from './worker.ts'

let worker: Worker
beforeAll(async () => {
  worker = await startWorker()
})
afterAll(() => worker?.stop())

const lines = (text: string) =>
  worker
    .logs()
    .split('\n')
    .filter((line) => line.includes(text))

it('warns of no cron, which is fired', () => {
  expect(worker.logs()).toContain('posta is running')
  expect(worker.logs()).not.toMatch(/WARNING|Scheduled/)
})

it('has one line for a request, and none for a wait in which nothing came', async () => {
  const inbox = `${worker.url}/dev/inbox.json`
  const seen = (await fetch(inbox)).headers.get('ETag') ?? ''
  const waited = await fetch(inbox, { headers: { 'If-None-Match': seen, Prefer: 'wait=1' } })
  expect(waited.status).toBe(304)
  // The last of all: once its line is there, so are those before it.
  await fetch(`${worker.url}/v1/templates`)
  await vi.waitFor(() => expect(lines('/v1/templates')).not.toEqual([]), 5_000)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(lines('/v1/templates')).toEqual([expect.stringContaining('"status":401')])
  expect(lines('/dev/inbox.json')).toEqual([expect.stringContaining('"status":200')])
})
