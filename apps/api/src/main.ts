import 'reflect-metadata'
import { createLogger, onTermination, readSettings } from '@catena/platform'
import { openInstance, openReader, orExplain } from '@catena/runtime'
import { createApi } from './create-api.js'

await orExplain(async () => {
  const settings = readSettings(process.env)
  const logger = createLogger(settings.logLevel)
  const instance = await openInstance(settings, process.env, { api: true })
  const { reader, close } = openReader(instance)
  const api = await createApi({ instance, reader, logger })
  const stop = async (): Promise<void> => {
    await api.close()
    await close()
    await instance.close()
  }
  try {
    logger.info({ url: await api.listen(settings.host, settings.port) }, 'answers')
  } catch (error) {
    await stop()
    throw error
  }
  onTermination(stop)
})
