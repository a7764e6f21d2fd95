import { Icon } from '../../ui/icon.js';
import styles from './drop-target.module.css';

/**
 * Covers the window while files are dragged over it, so that they can be dropped anywhere. A pointer that merely moves drags
 * nothing any more, whether or not the browser has said so.
 */
export function DropTarget() {
  return (
    <div className={styles.target} onPointerMove={onLeave}>
      <div className={styles.frame}>
        <Icon name="picture" size={40} />
        <p>Drop your photo to search with it</p>
      </div>
    </div>
  );
}
