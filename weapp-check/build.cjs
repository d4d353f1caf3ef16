/** The WeChat build, copied out of the `"type": "module"` folder so that it can be required. */
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const source = path.resolve(__dirname, '../miniprogram/dist/build/mp-weixin')
if (!fs.existsSync(path.join(source, 'app.json'))) {
  throw new Error('no WeChat build: run `npm run build:weapp` in miniprogram/ first')
}
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'weapp-'))
fs.cpSync(source, root, { recursive: true })
process.on('exit', () => fs.rmSync(root, { recursive: true, force: true }))

const files = fs
  .readdirSync(root, { recursive: true })
  .map(String)
  .filter((file) => fs.statSync(path.join(root, file)).isFile())

exports.root = root
exports.files = files
exports.app = JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8'))
exports.ending = (suffix) => files.filter((file) => file.endsWith(suffix))
exports.read = (file) => fs.readFileSync(path.join(root, file), 'utf8')
exports.exists = (file) => fs.existsSync(path.join(root, file))
exports.size = (file) => fs.statSync(path.join(root, file)).size
exports.pages = [
  ...exports.app.pages,
  ...(exports.app.subPackages ?? []).flatMap((pack) => pack.pages.map((page) => `${pack.root}/${page}`)),
]
