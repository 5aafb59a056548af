export const promise = {}
