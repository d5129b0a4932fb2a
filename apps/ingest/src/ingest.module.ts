import { Module } from '@nestjs/common'
import { IngestController } from './ingest.controller.js'
import { KafkaIntake } from './kafka-intake.js'

/** Records come in: Kafka where brokers are configured, and HTTP. */
@Module({ controllers: [IngestController], providers: [KafkaIntake] })
export class IngestModule {}
