/** Mark is the house's sign: a heart that holds a cross. */
export const Mark = ({ size = 26 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0f6b73" /><path d="M16 25.2 7.9 17.4a5.2 5.2 0 0 1 0-7.5 5.4 5.4 0 0 1 7.5 0l.6.6.6-.6a5.4 5.4 0 0 1 7.5 0 5.2 5.2 0 0 1 0 7.5z" fill="#fff" /><path d="M14.8 12.4h2.4v3h3v2.3h-3v3h-2.4v-3h-3v-2.3h3z" fill="#0f6b73" /></svg>
)
