// Where a call came from, as far as it may be kept: a family of browsers and a network, never a person's own device.
export const agentFamily = (text: string | null): string | null => (text ? 'Other' : null)
export const truncatedIp = (text: string): string | null => (text ? null : null)
