import type { Keeping } from './keeping'
import { promised } from './types'

/** WeChat runs one instance of the app at a time: taking turns within it is enough. */
const turns = new Map<string, Promise<void>>()

export const keeping: Keeping = {
  shelf: {
    put: async (key, value) => uni.setStorageSync(`shelf:${key}`, JSON.parse(JSON.stringify(value))),
    get: async (key) => {
      const value = uni.getStorageSync(`shelf:${key}`)
      return value === '' ? undefined : value
    },
    drop: async (key) => uni.removeStorageSync(`shelf:${key}`),
    all: async <T>(drawer: string) =>
      uni.getStorageInfoSync().keys
        .filter((key) => key.startsWith(`shelf:${drawer}:`))
        .map((key) => uni.getStorageSync(key) as T),
  },
  // The saved path itself is the key.
  keepFile: (tempPath) =>
    promised<{ savedFilePath: string }, string>(
      (callbacks) => uni.getFileSystemManager().saveFile({ tempFilePath: tempPath, ...callbacks }),
      (result) => result.savedFilePath,
    ),
  keptUrl: (key) =>
    new Promise((resolve) =>
      uni.getFileSystemManager().access({ path: key, success: () => resolve(key), fail: () => resolve('') }),
    ),
  dropFile: (key) =>
    new Promise((resolve) =>
      uni.getFileSystemManager().removeSavedFile({ filePath: key, complete: () => resolve() }),
    ),
  keptFiles: () =>
    promised<{ fileList: { filePath: string; createTime: number }[] }, { key: string; at: number }[]>(
      (callbacks) => uni.getSavedFileList(callbacks),
      ({ fileList }) => fileList.map(({ filePath, createTime }) => ({ key: filePath, at: createTime * 1000 })),
    ),
  onNetwork: (listener) => {
    const tell = (state: { isConnected: boolean }): void => listener(state.isConnected)
    uni.onNetworkStatusChange(tell)
    return () => uni.offNetworkStatusChange(tell)
  },
  alone: async (name, work) => {
    const mine = (turns.get(name) ?? Promise.resolve()).then(work)
    // The next one goes on whatever became of this one; its own caller hears of the failure.
    turns.set(name, mine.catch(() => undefined))
    await mine
  },
}
