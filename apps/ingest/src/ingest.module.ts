import { Module } from '@nestjs/common'
import { IngestController } from './ingest.controller.js'
import { KafkaIntake } from './kafka-intake.js'
import { ScimController } from './scim.controller.js'

/** Records come in: Kafka where brokers are configured, HTTP, and SCIM. */
@Module({ controllers: [IngestController, ScimController], providers: [KafkaIntake] })
export class IngestModule {}
