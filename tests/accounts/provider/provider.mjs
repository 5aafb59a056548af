// A certified OpenID Connect provider on loopback for the tests: `node provider.mjs REDIRECT_URI SIGNED_OUT_URI`.
//
// It prints its issuer, and ends when its standard input does. Anybody signs in with any login; a login that begins with
// "otp" is said to have given a second factor. POST /as/HOW makes it lie: ID tokens are then forged in that way.
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { CompactSign, exportJWK, exportSPKI } from 'jose'
import { Provider } from 'oidc-provider'

const [, , redirectUri, signedOutUri] = process.argv
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys = [
  { ...(await exportJWK(rsa.privateKey)), kid: 'rsa', use: 'sig', alg: 'RS256' },
  { ...(await exportJWK(ec.privateKey)), kid: 'ec', use: 'sig', alg: 'ES256' },
]
const client = {
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [signedOutUri],
  response_types: ['code'],
  grant_types: ['authorization_code'],
}

const http = createServer()
await new Promise((done) => http.listen(0, '127.0.0.1', done))
const issuer = `http://127.0.0.1:${http.address().port}`

const provider = new Provider(issuer, {
  clients: [
    { ...client, client_id: 'jiedui', client_secret: 'not a secret: %&+', id_token_signed_response_alg: 'RS256' },
    { ...client, client_id: 'jiedui-public', token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' },
  ],
  jwks: { keys },
  cookies: { keys: ['of the tests'] },
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'amr'], profile: ['preferred_username'], email: ['email', 'email_verified'] },
  features: { rpInitiatedLogout: { enabled: true } },
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      preferred_username: `${login} at the office`,
      email: `${login}@county`,
      email_verified: true,
    }),
  }),
})

const { interactionFinished } = provider
provider.interactionFinished = function (request, response, result, options) {
  if (result.login?.accountId.startsWith('otp')) result.login.amr = ['pwd', 'otp']
  return interactionFinished.call(this, request, response, result, options)
}

let how = 'honest'
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

const LIES = {
  'wrong-nonce': (claims) => ({ ...claims, nonce: 'of another attempt' }),
  'wrong-audience': (claims) => ({ ...claims, aud: 'another platform' }),
  'two-audiences': (claims) => ({ ...claims, aud: [claims.aud, 'another platform'] }),
  'wrong-issuer': (claims) => ({ ...claims, iss: 'https://another.example' }),
  expired: (claims) => ({ ...claims, exp: claims.iat - 3600 }),
  'of-tomorrow': (claims) => ({ ...claims, iat: claims.iat + 86400, exp: claims.exp + 86400 }),
}

async function forged(token) {
  const [header, payload] = token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')))
  if (how === 'alg-none') return `${encoded({ alg: 'none', kid: header.kid })}.${encoded(payload)}.`
  if (how === 'shared-secret') {
    const signed = `${encoded({ alg: 'HS256', kid: header.kid })}.${encoded(payload)}`
    return `${signed}.${createHmac('sha256', await exportSPKI(rsa.publicKey)).update(signed).digest('base64url')}`
  }
  const key = how === 'foreign-key' || how === 'unknown-key' ? foreign.privateKey : header.alg === 'ES256' ? ec.privateKey : rsa.privateKey
  const claims = (LIES[how] ?? ((same) => same))(payload)
  const named = how === 'unknown-key' ? { ...header, kid: 'nobody knows it' } : header
  const alg = key === foreign.privateKey ? 'RS256' : header.alg
  return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ ...named, alg }).sign(key)
}

provider.use(async (ctx, next) => {
  if (ctx.path.startsWith('/as/')) {
    how = ctx.path.slice(4)
    ctx.body = { how }
    return
  }
  await next()
  if (ctx.path === '/token' && ctx.body?.id_token && how !== 'honest') ctx.body.id_token = await forged(ctx.body.id_token)
})

http.on('request', provider.callback())
process.stdin.resume().on('end', () => process.exit(0))
console.log(issuer)
