import type { RequestHandler } from 'express'

/** Answers are data: nothing may run, frame, sniff or keep them. A page that needs more says so itself. */
const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store',
}

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set(HEADERS)
  next()
}
