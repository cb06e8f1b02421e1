/**
 * The environments of `environments/`, as far as aws-cdk-lib has the same: network, key, primary and replicas or cluster,
 * proxy, functions, alarms, dashboard, parameters. Written as its users write: level 2 constructs where there are any, and
 * submodule imports, which load less than the root.
 */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Fleet } from './fleet';

const PORT = ec2.Port.tcp(5432);
const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 });

class FleetStack extends Stack {
  private readonly fleet: Fleet;
  private readonly prefix: string;
  private readonly key: kms.Key;
  private readonly vpc: ec2.IVpc;
  private readonly vpcSubnets: ec2.SubnetSelection = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  private readonly members: ec2.SecurityGroup;
  private readonly clients: ec2.SecurityGroup;
  private readonly functions: ec2.SecurityGroup;

  constructor(scope: Construct, fleet: Fleet) {
    super(scope, fleet.name, { env: { region: fleet.region, account: '111122223333' } });
    this.fleet = fleet;
    this.prefix = `${fleet.fleet}-${fleet.name}`;
    this.key = new kms.Key(this, 'key', { enableKeyRotation: true, alias: `readfleet/${this.prefix}` });
    for (const service of ['logs', 'cloudwatch', 'events.rds'])
      this.key.grantEncryptDecrypt(new iam.ServicePrincipal(`${service}.amazonaws.com`));
    this.vpc = this.network();
    [this.members, this.clients, this.functions] = ['members', 'clients', 'functions'].map(
      (role) => new ec2.SecurityGroup(this, role, { vpc: this.vpc, allowAllOutbound: false }),
    ) as [ec2.SecurityGroup, ec2.SecurityGroup, ec2.SecurityGroup];
    for (const from of [this.clients, this.functions]) {
      this.members.addIngressRule(from, PORT);
      from.addEgressRule(this.members, PORT);
    }
    const { hosts, target } = fleet.topology === 'instances' ? this.instances() : this.cluster();
    const proxies = fleet.proxy ? this.proxy(target) : [];
    this.lambdas(hosts);
    this.alarms(hosts.length);
    this.exports([...hosts, ...proxies]);
  }

  private network(): ec2.IVpc {
    const { existingVpc, zones } = this.fleet;
    if (existingVpc) {
      return ec2.Vpc.fromVpcAttributes(this, 'vpc', {
        vpcId: 'vpc-0a1b2c3d4e5f67890',
        availabilityZones: [...zones],
        isolatedSubnetIds: zones.map((_, index) => `subnet-0a1b2c3d4e5f6789${index}`),
      });
    }
    return new ec2.Vpc(this, 'vpc', {
      availabilityZones: [...zones],
      natGateways: 0,
      subnetConfiguration: [{ name: 'private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
  }

  private instances() {
    const { instanceClass, readers, storageGiB } = this.fleet;
    const { key, vpc, vpcSubnets } = this;
    const shared = {
      vpc,
      vpcSubnets,
      instanceType: new ec2.InstanceType(instanceClass.replace('db.', '')),
      securityGroups: [this.members],
      parameterGroup: new rds.ParameterGroup(this, 'parameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
      subnetGroup: new rds.SubnetGroup(this, 'subnets', { vpc, vpcSubnets, description: this.prefix }),
      iamAuthentication: true,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: key,
      monitoringInterval: Duration.seconds(60),
      cloudwatchLogsExports: ['postgresql', 'upgrade'],
      storageType: rds.StorageType.GP3,
    };
    const primary = new rds.DatabaseInstance(this, 'primary', {
      ...shared,
      engine,
      allocatedStorage: storageGiB,
      multiAz: true,
      backupRetention: Duration.days(30),
      deletionProtection: true,
      storageEncryptionKey: key,
      credentials: rds.Credentials.fromGeneratedSecret('fleet_admin', { encryptionKey: key }),
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    const replicas = readers.map(
      (name) =>
        new rds.DatabaseInstanceReadReplica(this, `replica-${name}`, { ...shared, sourceDatabaseInstance: primary }),
    );
    const hosts = [primary, ...replicas].map((one) => one.dbInstanceEndpointAddress);
    return { hosts, target: { dbInstanceIdentifiers: [primary.instanceIdentifier] } };
  }

  private cluster() {
    const { instanceClass, readers, storageGiB, topology } = this.fleet;
    const aurora = topology === 'aurora';
    const subnets = new rds.CfnDBSubnetGroup(this, 'subnets', {
      dbSubnetGroupDescription: this.prefix,
      subnetIds: this.vpc.selectSubnets(this.vpcSubnets).subnetIds,
    });
    const parameters = new rds.CfnDBClusterParameterGroup(this, 'parameters', {
      family: aurora ? 'aurora-postgresql17' : 'postgres17',
      description: this.prefix,
      parameters: { 'rds.force_ssl': '1' },
    });
    const cluster = new rds.CfnDBCluster(this, 'cluster', {
      engine: aurora ? 'aurora-postgresql' : 'postgres',
      // AWS CDK's own validation knows minors alone.
      engineVersion: aurora ? '17.7' : '17.9',
      dbSubnetGroupName: subnets.ref,
      dbClusterParameterGroupName: parameters.ref,
      vpcSecurityGroupIds: [this.members.securityGroupId],
      kmsKeyId: this.key.keyArn,
      storageEncrypted: true,
      masterUsername: 'fleet_admin',
      manageMasterUserPassword: true,
      masterUserSecret: { kmsKeyId: this.key.keyArn },
      enableIamDatabaseAuthentication: true,
      backupRetentionPeriod: 30,
      deletionProtection: true,
      ...(aurora
        ? {}
        : { dbClusterInstanceClass: instanceClass, allocatedStorage: storageGiB, storageType: 'gp3', iops: 12000 }),
    });
    if (aurora) {
      for (const name of ['primary', ...readers]) {
        new rds.CfnDBInstance(this, name, {
          engine: 'aurora-postgresql',
          dbClusterIdentifier: cluster.ref,
          dbInstanceClass: instanceClass,
        });
      }
    }
    return {
      hosts: [cluster.attrEndpointAddress, cluster.attrReadEndpointAddress],
      target: { dbClusterIdentifiers: [cluster.ref] },
    };
  }

  private proxy(target: { dbInstanceIdentifiers?: string[]; dbClusterIdentifiers?: string[] }): string[] {
    const role = new iam.Role(this, 'proxy-role', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
    const secret = `arn:aws:secretsmanager:${this.region}:111122223333:secret:proxy`;
    role.addToPolicy(new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret] }));
    this.key.grantDecrypt(role);
    const group = new ec2.SecurityGroup(this, 'proxy-group', { vpc: this.vpc, allowAllOutbound: false });
    group.addIngressRule(this.clients, PORT);
    this.members.addIngressRule(group, PORT);
    const common = {
      vpcSubnetIds: this.vpc.selectSubnets(this.vpcSubnets).subnetIds,
      vpcSecurityGroupIds: [group.securityGroupId],
    };
    const proxy = new rds.CfnDBProxy(this, 'proxy', {
      ...common,
      dbProxyName: this.prefix,
      engineFamily: 'POSTGRESQL',
      roleArn: role.roleArn,
      requireTls: true,
      auth: [{ authScheme: 'SECRETS', secretArn: secret, iamAuth: 'REQUIRED' }],
    });
    new rds.CfnDBProxyTargetGroup(this, 'proxy-targets', {
      ...target,
      dbProxyName: proxy.ref,
      targetGroupName: 'default',
      connectionPoolConfigurationInfo: { maxConnectionsPercent: 80 },
    });
    if (!this.fleet.proxyReader) return [proxy.attrEndpoint];
    const reader = new rds.CfnDBProxyEndpoint(this, 'proxy-reader', {
      ...common,
      dbProxyName: proxy.ref,
      dbProxyEndpointName: `${this.prefix}-read`,
      targetRole: 'READ_ONLY',
    });
    return [proxy.attrEndpoint, reader.attrEndpoint];
  }

  private lambdas(hosts: string[]): void {
    const deadLetters = new sqs.Queue(this, 'dead-letters', { encryptionMasterKey: this.key });
    for (const name of ['emitter', 'bootstrap']) {
      const made = new lambda.Function(this, name, {
        runtime: lambda.Runtime.NODEJS_22_X,
        architecture: lambda.Architecture.ARM_64,
        handler: 'index.handler',
        // Made beforehand: to bundle would cost AWS CDK a process of its own.
        code: lambda.Code.fromAsset(process.env.READFLEET_BENCH_CODE ?? __dirname),
        environment: { HOSTS: JSON.stringify(hosts) },
        environmentEncryption: this.key,
        vpc: this.vpc,
        vpcSubnets: this.vpcSubnets,
        securityGroups: [this.functions],
        timeout: Duration.seconds(60),
        deadLetterQueue: deadLetters,
        logGroup: new logs.LogGroup(this, `${name}-log`, {
          retention: logs.RetentionDays.ONE_MONTH,
          encryptionKey: this.key,
        }),
      });
      made.addToRolePolicy(
        new iam.PolicyStatement({
          actions: ['rds-db:connect'],
          resources: [`arn:aws:rds-db:${this.region}:111122223333:dbuser:*/${name}`],
        }),
      );
      if (name === 'emitter') {
        new events.Rule(this, 'every-minute', {
          schedule: events.Schedule.rate(Duration.minutes(1)),
          targets: [new LambdaFunction(made)],
        });
      }
    }
  }

  private alarms(servers: number): void {
    const topic = new sns.Topic(this, 'alarms', { masterKey: this.key });
    new rds.CfnEventSubscription(this, 'events', { snsTopicArn: topic.topicArn, sourceType: 'db-instance' });
    const action = new SnsAction(topic);
    const metrics: cloudwatch.Metric[] = [];
    const alarms = Array.from({ length: this.fleet.alarms }, (_, index) => {
      const metric = new cloudwatch.Metric({
        namespace: 'ReadFleet',
        metricName: `Metric${index}`,
        dimensionsMap: { Fleet: this.prefix, Member: `member-${index % servers}` },
        statistic: 'Maximum',
      });
      metrics.push(metric);
      const alarm = new cloudwatch.Alarm(this, `alarm-${index}`, {
        metric,
        alarmName: `${this.prefix}-${index}`,
        threshold: 5,
        evaluationPeriods: 3,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      });
      alarm.addAlarmAction(action);
      return alarm;
    });
    for (let index = 0; index < this.fleet.composites; index += 1) {
      const rule = cloudwatch.AlarmRule.anyOf(...alarms.slice(index, index + 3));
      new cloudwatch.CompositeAlarm(this, `composite-${index}`, { alarmRule: rule }).addAlarmAction(action);
    }
    const widgets = metrics.map((left) => new cloudwatch.GraphWidget({ title: left.metricName, left: [left] }));
    new cloudwatch.Dashboard(this, 'dashboard', { dashboardName: this.prefix, widgets: [widgets] });
  }

  private exports(hosts: string[]): void {
    const path = `/readfleet/${this.fleet.fleet}/${this.fleet.name}`;
    const parameters = ['contract', 'writer', 'reader', 'database'].map(
      (what) =>
        new ssm.StringParameter(this, `parameter-${what}`, {
          parameterName: `${path}/${what}`,
          stringValue: JSON.stringify({ version: 1, what, hosts }),
        }),
    );
    new iam.ManagedPolicy(this, 'client', {
      statements: [
        new iam.PolicyStatement({
          actions: ['ssm:GetParameter', 'ssm:GetParameters'],
          resources: parameters.map(({ parameterArn }) => parameterArn),
        }),
        new iam.PolicyStatement({
          actions: ['rds-db:connect'],
          resources: [`arn:aws:rds-db:${this.region}:111122223333:dbuser:*/app`],
        }),
      ],
    });
  }
}

const app = new App();
for (const fleet of JSON.parse(process.env.READFLEET_BENCH_FLEETS ?? '[]') as Fleet[]) new FleetStack(app, fleet);
app.synth();
