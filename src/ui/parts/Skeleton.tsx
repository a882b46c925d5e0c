interface SkeletonProps {
  /** Read by screen readers. */
  readonly label: string;
  readonly rows?: number;
}

/** A placeholder for rows that are loading. */
export function Skeleton({ label, rows = 3 }: SkeletonProps) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} class="skeleton-row" />
      ))}
    </div>
  );
}
