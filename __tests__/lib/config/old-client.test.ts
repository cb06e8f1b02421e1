import { parameterReader, secretReader } from '../../../lib/config/aws/read';

jest.mock('@aws-sdk/client-ssm', () => mockOldClient('SSMClient', 'GetParameterCommand'), { virtual: true });
jest.mock('@aws-sdk/client-secrets-manager', () => mockOldClient('SecretsManagerClient', 'GetSecretValueCommand'), {
  virtual: true,
});

interface Handler {
  handle(command: unknown): Promise<unknown>;
}

/** As clients were before 3.521.0: what they are given as `requestHandler` is the handler itself. */
function mockOldClient(client: string, command: string): object {
  class OldClient {
    constructor(private readonly options: { readonly requestHandler: Handler }) {}

    async send(what: unknown): Promise<unknown> {
      const { requestHandler } = this.options;
      return requestHandler.handle(what);
    }
  }
  return { [client]: OldClient, [command]: class {} };
}

test.each([
  ['@aws-sdk/client-ssm', parameterReader],
  ['@aws-sdk/client-secrets-manager', secretReader],
])('%s that is too old is told as such, with what is needed', async (name, reader) => {
  await expect(reader('/x', 'eu-central-1')()).rejects.toMatchObject({
    code: 'READFLEET_AWS_UNREADABLE',
    message: expect.stringMatching(
      new RegExp(
        `handle is not a function\\. The package ${name} is too old: it must be 3\\.521\\.0 or newer\\. npm install ${name}@latest$`,
      ),
    ),
  });
});
