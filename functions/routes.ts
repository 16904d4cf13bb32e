// The route table: every path the Worker knows.
import { recoverRoute, resendMailRoute, resetRoute, verifyRoute } from './accounts/codes.ts'
import {
  endSessionRoute,
  loginRoute,
  logoutAllRoute,
  logoutRoute,
  refreshRoute,
  sessionsRoute,
} from './accounts/login.ts'
import { changeMeRoute, meRoute, passwordRoute } from './accounts/me.ts'
import { registerRoute } from './accounts/register.ts'
import { notifyRoute, olderNotifyRoute } from './accounts/registration-notice.ts'
import { checkRoute, openRoute, resendRoute, viewRoute } from './codes/challenges.ts'
import { clearInboxRoute, faultsRoute, inboxJsonRoute, setFaultRoute } from './dev/desk.ts'
import { devRoute, galleryRoute, inboxRoute, sampleRoute } from './dev/pages.ts'
import { deliverRoute, failedRoute } from './hooks/qstash.ts'
import type { Route } from './http/route.ts'
import { messageRoute } from './messages/messages.ts'
import { olderLoginRoute, olderRegisterRoute, olderResendRoute, perfilRoute, registroRoute } from './older/sign-up.ts'
import { healthRoute, readyRoute } from './public/health.ts'
import { jwksRoute } from './public/jwks.ts'

export const routes: readonly Route[] = [
  registerRoute,
  loginRoute,
  refreshRoute,
  logoutRoute,
  logoutAllRoute,
  meRoute,
  changeMeRoute,
  verifyRoute,
  resendMailRoute,
  recoverRoute,
  resetRoute,
  passwordRoute,
  sessionsRoute,
  endSessionRoute,
  jwksRoute,
  notifyRoute,
  registroRoute,
  olderLoginRoute,
  perfilRoute,
  olderNotifyRoute,
  olderRegisterRoute,
  olderResendRoute,
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
