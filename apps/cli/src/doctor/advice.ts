import type { Advice } from './found.js'

type Weighed = (code: string, what: string, todo: string) => Advice
const weigh =
  (weight: Advice['weight']): Weighed =>
  (code, what, todo) => ({ weight, code, what, todo })

export const [risk, look, unknown] = [weigh('risk'), weigh('look'), weigh('unknown')]

export const when = (condition: boolean, advice: () => Advice): Advice[] => (condition ? [advice()] : [])
