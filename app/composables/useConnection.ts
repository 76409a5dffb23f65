/** The state of the live connection to the server, shared by the whole page. */
export function useConnection() {
  const isLost = useState('connection-lost', () => false)
  /** Counts how often a lost connection came back. */
  const reconnects = useState('connection-reconnects', () => 0)
  return {
    isLost: readonly(isLost),
    reconnects: readonly(reconnects),
    markLost: () => {
      isLost.value = true
    },
    markConnected: () => {
      if (!isLost.value) return
      isLost.value = false
      reconnects.value++
    },
  }
}
