import { XMLParser } from 'fast-xml-parser';

/**
 * The elements of an XML text as objects, all values as text, names without their namespace. Attributes, entities,
 * processing instructions and what a document type declares are not read.
 * @param lists elements that are arrays, however often they occur
 * @throws {Error} if the text is not well-formed, as one that is cut short
 */
export function readXml(text: string, lists: ReadonlySet<string>): unknown {
  const parser = new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    isArray: (name) => lists.has(name),
    parseTagValue: false,
    processEntities: false,
    removeNSPrefix: true,
  });
  const wellFormedOnly = true;
  const elements: unknown = parser.parse(text, wellFormedOnly);
  return elements;
}
