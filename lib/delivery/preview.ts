// What a message would look like: the same inputs, rendered without sending.
import type { Core } from '../core.ts'
import type { Locale, Rendered, RenderInput } from '../ports/renderer.ts'
import type { Data, Template } from '../templates/template.ts'

/** Render inputs with nothing left to settings: what is frozen into a row. `data` has passed the template's schema. */
export const renderInputOf = (core: Core, template: Template, data: Data, locale: Locale): RenderInput => ({
  template: template.name,
  version: core.renderer.versionOf(template.name),
  locale,
  brand: { appName: core.policy.appName },
  data: template.fill(data, core.policy.site),
})

export const preview = (core: Core, template: Template, data: Data, locale: Locale): Promise<Rendered> =>
  core.renderer.render(renderInputOf(core, template, data, locale))
