export function startSource() {}
