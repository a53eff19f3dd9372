/** openapi-client-axios: reads the document at run time, and has a method for each operation. */
import { OpenAPIClientAxios } from 'openapi-client-axios';
import { live } from './document-client.mjs';
import { keys, serverUrl } from './stage.mjs';

const [, , dialect = ''] = process.argv;
const api = new OpenAPIClientAxios({ definition: `${serverUrl}/api/docs/${dialect}.json?lang=en` });
const client = await api.init();
const headers = {
  native: { authorization: `Bearer ${keys.native?.token}` },
  digicert: { 'X-DC-DEVKEY': keys.digicert?.['X-DC-DEVKEY'] },
  httpsok: { OpenApiKey: keys.httpsok?.OpenApiKey },
}[dialect];

await live(dialect, async (operationId, { path = {}, query = {}, body } = {}) => {
  const { data } = await client[operationId]({ ...path, ...query }, body, { headers });
  return data;
});
