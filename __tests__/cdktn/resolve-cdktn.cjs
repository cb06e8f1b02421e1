/**
 * Makes every `require('cdktf')`, those of the AWS bindings among them, take cdktn instead, the maintained fork of it.
 * For `node --require`; plain JavaScript, as it is loaded before anything that could transform it.
 */
const Module = require('node:module');

const resolveFilename = Module._resolveFilename;

Module._resolveFilename = function resolveCdktn(request, ...rest) {
  const asked = request === 'cdktf' || request.startsWith('cdktf/') ? request.replace('cdktf', 'cdktn') : request;
  return resolveFilename.call(this, asked, ...rest);
};
