import { pageText } from '../../../libs/domain/src/index.ts'

/** `on`: listeners by event; an attribute that is undefined or false is left out. Text is text, never markup, and what would reorder or hide it is spelled out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener)
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : shown(value))
  }
  made.append(...children.map(shown))
  return made
}

export function shown(child) {
  return typeof child === 'string' ? pageText(child) : child
}
