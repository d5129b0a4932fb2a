/** The range cannot be archived as it stands, or its file cannot be written or is not the one that was declared. */
export class NotArchivable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotArchivable'
  }
}
