/** swagger-client: reads the document at run time. */
import SwaggerClient from 'swagger-client';
import { live } from './document-client.mjs';
import { keys, serverUrl } from './stage.mjs';

const [, , dialect = ''] = process.argv;
const client = await SwaggerClient({ url: `${serverUrl}/api/docs/${dialect}.json?lang=en` });
client.authorizations = {
  token: { value: keys.native?.token },
  key: { value: keys.digicert?.['X-DC-DEVKEY'] },
  OpenApiKey: { value: keys.httpsok?.OpenApiKey },
};

await live(dialect, async (operationId, { path = {}, query = {}, body } = {}) => {
  const { body: answer, text } = await client.execute({
    // Dots are no part of the names that it makes.
    operationId: operationId.replaceAll('.', '_'),
    parameters: { ...path, ...query },
    securities: { authorized: client.authorizations },
    ...(body === undefined ? {} : { requestBody: body }),
  });
  if (answer !== undefined) return answer;
  // What is neither JSON nor text comes as a Blob.
  return typeof text === 'string' ? text : text.text();
});
