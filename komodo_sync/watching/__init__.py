"""The GitOps job: pull, plan and apply again and again, and tell of it in lines, by health and by metrics."""
