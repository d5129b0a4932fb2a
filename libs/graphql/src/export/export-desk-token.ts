/** Under which an ExportDesk is provided. */
export const EXPORT_DESK = Symbol('export desk')
