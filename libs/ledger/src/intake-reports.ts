import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { PrismaClient } from './generated/client.js'
import type { IntakeCounts, IntakeReports, LaneState, Locator, QuarantinedRecord } from './port.js'

/** The reads of the intake that are not hot, typed by Prisma. */
export class PrismaIntakeReports implements IntakeReports {
  private readonly prisma: PrismaClient

  constructor(pool: pg.Pool) {
    this.prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  }

  async intake(): Promise<IntakeCounts[]> {
    const rows = await this.prisma.intake.findMany({ orderBy: [{ source: 'asc' }, { lane: 'asc' }] })
    return rows.map((row) => ({
      source: row.source,
      lane: row.lane,
      read: Number(row.read),
      stored: Number(row.stored),
      duplicates: Number(row.duplicates),
      quarantined: Number(row.quarantined),
      lastReceivedAt: row.lastReceivedAt.getTime(),
      lastOccurredAt: row.lastOccurredAt?.getTime(),
    }))
  }

  async laneOffset(lane: string): Promise<bigint | undefined> {
    return (await this.prisma.lane.findUnique({ where: { lane } }))?.next
  }

  async lanes(): Promise<LaneState[]> {
    const rows = await this.prisma.lane.findMany({ orderBy: { lane: 'asc' } })
    return rows.map(({ lane, first, next, holes }) => ({ lane, first, next, holes: Number(holes) }))
  }

  async quarantine(after: number, limit: number, source?: string): Promise<QuarantinedRecord[]> {
    const rows = await this.prisma.quarantine.findMany({
      where: { id: { gt: after }, ...(source === undefined ? {} : { source }) },
      orderBy: { id: 'asc' },
      take: limit,
    })
    return rows.map((row) => ({
      id: Number(row.id),
      source: row.source,
      locator: row.locator as unknown as Locator,
      recordId: Buffer.from(row.recordId).toString('hex'),
      lengthBytes: Number(row.lengthBytes),
      reason: row.reason,
      shape: row.shape,
      seen: Number(row.seen),
      firstSeenAt: row.firstSeenAt.getTime(),
      lastSeenAt: row.lastSeenAt.getTime(),
    }))
  }

  close(): Promise<void> {
    return this.prisma.$disconnect()
  }
}
