// What a developer may make a provider do.

export const FAULT_MODES = ['ok', 'refuse', 'hang', 'throttle', 'error', 'lose_answer', 'reject'] as const
export type FaultMode = (typeof FAULT_MODES)[number]
