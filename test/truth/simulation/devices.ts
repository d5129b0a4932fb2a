import type { Happening } from './happening.js'

/** One device is off for a while, or comes back with another salt. */
export function disturbDevice(course: Happening): void {
  const device = course.chance.pick(course.organisation.devices)
  if (device.isOff) device.salt = course.chance.id()
  device.isOff = !device.isOff && course.organisation.devices.every((other) => !other.isOff)
}
