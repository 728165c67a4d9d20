package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/zhijian-qa/zhijian/store"
)

// Backup writes a copy of the database to the file at path, of one instant, while others may work.
func Backup(ctx context.Context, env Env, path string) error {
	err := env.reading(ctx, func(st *store.Store) error {
		return st.Backup(ctx, path, env.Config.Force)
	})
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	if env.Config.JSON {
		if err := json.NewEncoder(env.Out).Encode(map[string]any{"file": path, "bytes": info.Size()}); err != nil {
			return fmt.Errorf("print backup: %w", err)
		}
		return nil
	}
	env.say("已备份到 %s（%.1f MB）", "backed up to %s (%.1f MB)", path, float64(info.Size())/1e6)
	return nil
}
