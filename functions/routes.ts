// The route table: every path the Worker knows, as the files of each area list them.
import { codeRoutes } from './accounts/codes.ts'
import { sessionRoutes } from './accounts/login.ts'
import { accountRoutes } from './accounts/me.ts'
import { registerRoutes } from './accounts/register.ts'
import { noticeRoutes } from './accounts/registration-notice.ts'
import { challengeRoutes } from './codes/challenges.ts'
import { deskRoutes } from './dev/desk.ts'
import { pageRoutes } from './dev/pages.ts'
import { qstashRoutes } from './hooks/qstash.ts'
import type { Route } from './http/route.ts'
import { emailRoutes } from './messages/emails.ts'
import { messageRoutes } from './messages/messages.ts'
import { sendRoutes } from './messages/send.ts'
import { templateRoutes } from './messages/templates.ts'
import { olderEmailRoutes } from './older/emails.ts'
import { olderQueueRoutes } from './older/queue.ts'
import { olderRoutes } from './older/sign-up.ts'
import { doctorRoutes } from './operators/doctor.ts'
import { metricsRoutes } from './operators/metrics.ts'
import { moveRoutes } from './operators/move.ts'
import { providerRoutes } from './operators/providers.ts'
import { queueRoutes } from './operators/queue.ts'
import { shadowRoutes } from './operators/shadow.ts'
import { statsRoutes } from './operators/stats.ts'
import { frontRoutes } from './public/front.ts'
import { healthRoutes } from './public/health.ts'
import { keyRoutes } from './public/jwks.ts'

export const routes: readonly Route[] = [
  ...registerRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...codeRoutes,
  ...keyRoutes,
  ...noticeRoutes,
  ...olderRoutes,
  ...olderEmailRoutes,
  ...olderQueueRoutes,
  ...challengeRoutes,
  ...sendRoutes,
  ...messageRoutes,
  ...emailRoutes,
  ...templateRoutes,
  ...statsRoutes,
  ...queueRoutes,
  ...moveRoutes,
  ...providerRoutes,
  ...metricsRoutes,
  ...doctorRoutes(() => routes),
  ...shadowRoutes,
  ...frontRoutes,
  ...healthRoutes,
  ...qstashRoutes,
  ...deskRoutes,
  ...pageRoutes,
]
