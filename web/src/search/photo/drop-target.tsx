import { Icon } from '../../ui/icon.js';
import styles from './drop-target.module.css';

/** Covers the window while files are dragged over it, to say that they can be dropped anywhere. */
export function DropTarget() {
  return (
    <div className={styles.target}>
      <div className={styles.frame}>
        <Icon name="picture" size={40} />
        <p>Drop your photo to search with it</p>
      </div>
    </div>
  );
}
