import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the endpoint answers: a text, or the name of the error that AWS would tell. */
export type Kept = string | { readonly error: string };

/** A stand-in for AWS's own endpoints on this machine, in the protocol of Secrets Manager and SSM. */
export interface AwsEndpoint {
  readonly url: string;
  /** By name or ARN of the secret or parameter. */
  readonly texts: Map<string, Kept>;
  /** What was asked for, and for which region its request was signed. */
  readonly asked: { readonly target: string; readonly name: string; readonly region: string | undefined }[];
  stop(): Promise<void>;
}

export async function startAwsEndpoint(): Promise<AwsEndpoint> {
  const texts = new Map<string, Kept>();
  const asked: AwsEndpoint['asked'] = [];
  const server = createServer(async (request, response) => {
    const { SecretId, Name } = JSON.parse(await bodyOf(request));
    const name: string = SecretId ?? Name;
    const target = String(request.headers['x-amz-target']);
    const [, region] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(String(request.headers.authorization)) ?? [];
    asked.push({ target, name, region });
    const missing = target.startsWith('AmazonSSM') ? 'ParameterNotFound' : 'ResourceNotFoundException';
    const kept = texts.get(name) ?? { error: missing };
    const answer =
      typeof kept !== 'string'
        ? { __type: kept.error, message: 'as it was told' }
        : target === 'AmazonSSM.GetParameter'
          ? { Parameter: { Name: name, Value: kept } }
          : { ARN: name, SecretString: kept };
    response.writeHead(typeof kept === 'string' ? 200 : 400, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The environment of an app on AWS, as far as the SDK reads it. */
export function awsVariables(endpoint: AwsEndpoint): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-central-1',
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
