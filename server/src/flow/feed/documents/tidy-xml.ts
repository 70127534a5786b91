/**
 * Takes the indentation around CDATA sections out of generated XML: it would be part of the value, and an address with a line
 * break before it is none to a strict reader. What stands in a section is not touched, nor is the place where one is split
 * because it holds `]]>`.
 */
export function tidyXml(xml: string): string {
  return xml.replace(SECTION, '$1');
}

/** Read from the left, so that the mark of a beginning within a section is never taken for one. */
const SECTION = /(?:\n *)?(<!\[CDATA\[[\s\S]*?\]\]>)(?:\n *(?=<\/))?/g;
