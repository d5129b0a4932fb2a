import vm from 'node:vm'
import { TestEnvironment } from 'jest-environment-node'
import { compileOnce, forgetSpecFile } from './compiled-once.mjs'

const { createContext } = vm

compileOnce()

/**
 * Jest's environment of Node, with a plain global object. Its own intercepts every look-up of a global name (`Object`, `JSON`, `Math`), in libraries
 * too, and what computes takes several times as long.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(...given) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY)
    try {
      super(...given)
    } finally {
      vm.createContext = createContext
    }
  }

  async teardown() {
    forgetSpecFile()
    await super.teardown()
  }
}
