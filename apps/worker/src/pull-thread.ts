import { servePieces } from '@catena/siem'

servePieces()
