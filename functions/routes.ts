// The route table: every path the Worker knows.
import { checkRoute, openRoute, resendRoute, viewRoute } from './challenges.ts'
import { clearInboxRoute, faultsRoute, inboxJsonRoute, setFaultRoute } from './dev/desk.ts'
import { devRoute, galleryRoute, inboxRoute, sampleRoute } from './dev/pages.ts'
import { healthRoute, readyRoute } from './health.ts'
import { deliverRoute, failedRoute } from './hooks/qstash.ts'
import { messageRoute } from './messages.ts'
import type { Route } from './route.ts'

export const routes: readonly Route[] = [
  openRoute,
  checkRoute,
  resendRoute,
  viewRoute,
  messageRoute,
  healthRoute,
  readyRoute,
  deliverRoute,
  failedRoute,
  devRoute,
  inboxRoute,
  inboxJsonRoute,
  clearInboxRoute,
  faultsRoute,
  setFaultRoute,
  galleryRoute,
  sampleRoute,
]
