import { promised } from '../types'

/** Fetches a file and opens it in WeChat's reader, from where it can be sent on or saved. */
export async function openFile(url: string, name: string, kind: string): Promise<void> {
  const path = await promised<{ statusCode: number; tempFilePath: string }, string>(
    (callbacks) => uni.downloadFile({ url, ...callbacks }),
    ({ statusCode, tempFilePath }) => (statusCode === 200 ? tempFilePath : ''),
  )
  if (!path) throw new Error(`cannot fetch ${name}`)
  await promised(
    (callbacks) => uni.openDocument({ filePath: path, fileType: kind as 'pdf', showMenu: true, ...callbacks }),
    () => undefined,
  )
}
