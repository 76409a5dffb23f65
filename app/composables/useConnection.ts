/** Whether the live connection to the server is lost, for everybody who shows or minds it. */
export function useConnection() {
  const isLost = useState('connection-lost', () => false)
  /** Counts how often the connection came back. */
  const returns = useState('connection-returns', () => 0)
  return {
    isLost: readonly(isLost),
    returns: readonly(returns),
    lost: () => {
      isLost.value = true
    },
    found: () => {
      if (!isLost.value) return
      isLost.value = false
      returns.value++
    },
  }
}
