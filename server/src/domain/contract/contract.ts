/** The AsyncAPI 3.0 document for one partner: what it may have, where, how, and what both sides have agreed on. */
import { message, schemasOf, securitySchemes } from '../asyncapi';
import { callbackMessages, callbackSchemas } from '../asyncapi-callbacks';
import { requestHeadersSchema } from '../asyncapi-headers';
import type { AgreedEvent, ContractInput } from './agreed';
import { channels, operations, servers } from './endpoints';
import { contractTerms } from './terms';

/** Writes the document. Equal input makes an equal document. */
export function contractDocument(input: ContractInput): object {
  const { version, routes, producer, consumer, events, callbacks } = input;
  const contact = producer.contacts[0];
  const all = [...events, ...callbacks];
  return {
    asyncapi: '3.0.0',
    id: `urn:newswire:contract:${encodeURIComponent(producer.id)}:${consumer.id}`,
    info: {
      title: `${producer.id} and ${consumer.name}`,
      version,
      description:
        'What is sent to this partner alone, and what is taken from it. The parts of the contract stand under x-newswire-….',
      ...(contact
        ? {
            contact: {
              name: contact.name,
              ...(contact.email === null ? {} : { email: contact.email }),
            },
          }
        : {}),
      ...(producer.terms === null ? {} : { termsOfService: producer.terms }),
      tags: [...new Set(all.map(({ group }) => group))].sort().map((name) => ({ name })),
      externalDocs: { description: 'JSON Schemas of all events', url: `${routes}/schemas` },
      ...contractTerms(input),
    },
    defaultContentType: 'application/json',
    servers: servers(input),
    channels: channels(input),
    operations: operations(input),
    components: {
      messages: Object.fromEntries([
        ...events.map((event) => [event.type, messageOf(event)] as const),
        ...Object.entries(callbackMessages(callbacks)),
      ]),
      schemas: {
        request_headers: requestHeadersSchema(),
        ...Object.assign({}, ...events.map(schemasOf)),
        ...callbackSchemas(callbacks),
      } as Record<string, unknown>,
      securitySchemes: { ...securitySchemes(routes), ...TOKEN_SCHEMES },
    },
  };
}

const TOKEN_SCHEMES = {
  token: { type: 'http', scheme: 'bearer', description: 'The token that you were given: nwp_….' },
  token_as_password: {
    type: 'http',
    scheme: 'basic',
    description: 'Feeds alone: any user name, the token as the password.',
  },
  token_in_address: {
    type: 'httpApiKey',
    name: 'token',
    in: 'query',
    description: 'Feeds alone, for feed readers that know nothing else.',
  },
  mtls: { type: 'X509', description: 'We present a client certificate.' },
};

/** An event as a message; one that is for us alone has no address that its reader could open. */
function messageOf(event: AgreedEvent): object {
  const { externalDocs, ...told } = message(event) as { externalDocs?: object };
  return event.published ? { ...told, externalDocs } : told;
}
