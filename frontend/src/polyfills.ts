/** What Chrome 88 lacks of the built-ins that our dependencies call. */

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const whole = Math.trunc(index) || 0
  return this[whole < 0 ? whole + this.length : whole]
}

for (const prototype of [Array.prototype, String.prototype]) {
  if (!('at' in prototype)) {
    Object.defineProperty(prototype, 'at', { value: at, writable: true, configurable: true })
  }
}

if (!('hasOwn' in Object)) {
  Object.defineProperty(Object, 'hasOwn', {
    value: (object: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(object, key),
    writable: true,
    configurable: true,
  })
}

if (!('structuredClone' in globalThis)) {
  Object.defineProperty(globalThis, 'structuredClone', {
    value: (value: unknown) => JSON.parse(JSON.stringify(value)),
    writable: true,
    configurable: true,
  })
}
