import vm from 'node:vm'

const { Script, SourceTextModule } = vm

/** By file: its code, and what V8 made of it. */
const modules = new Map()
const scripts = new Map()

/** Of Jest's modules: V8 takes what it made of the same code for a spec file before, unless a flag of V8 was set since. */
class ModuleCompiledOnce extends SourceTextModule {
  constructor(code, options) {
    const made = modules.get(options.identifier)
    const cachedData = made?.code === code ? made.cachedData : undefined
    let isTaken = cachedData !== undefined
    try {
      super(code, { ...options, cachedData })
    } catch (error) {
      if (error.code !== 'ERR_VM_MODULE_CACHED_DATA_REJECTED') throw error
      super(code, options)
      isTaken = false
    }
    if (!isTaken) modules.set(options.identifier, { code, cachedData: this.createCachedData() })
  }
}

/** Of Jest's CommonJS modules: one script for all contexts, with the functions in it that others have called and V8 has compiled. */
function compileFunctionOnce(code, parameters, { filename, parsingContext, importModuleDynamically }) {
  let made = scripts.get(filename)
  if (made?.code !== code) {
    made = { code, script: scriptOf(code, parameters, filename) }
    scripts.set(filename, made)
  }
  made.importModuleDynamically = importModuleDynamically
  return made.script.runInContext(parsingContext)
}

function scriptOf(code, parameters, filename) {
  const head = `(function (${parameters.join(', ')}) {`
  return new Script(`${head}${code}\n})`, {
    filename,
    columnOffset: -head.length,
    importModuleDynamically: (...asked) => scripts.get(filename).importModuleDynamically(...asked),
  })
}

/** Has Jest, which compiles every file again for every spec file, compile it once in a process. */
export function compileOnce() {
  vm.SourceTextModule = ModuleCompiledOnce
  vm.compileFunction = compileFunctionOnce
}

/** Lets go of the spec file that has ended: its way to import is all that is kept of it. */
export function forgetSpecFile() {
  for (const made of scripts.values()) made.importModuleDynamically = undefined
}
