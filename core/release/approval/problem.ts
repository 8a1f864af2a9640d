/** Why an approval is refused. */
export type ApprovalCode =
  | "approval-unreadable"
  | "approval-version"
  | "approval-unsigned"
  | "approval-unknown-key"
  | "approval-key-not-allowed"
  | "approval-key-revoked"
  | "approval-bad-signature"
  | "approval-approver"
  | "approval-not-yet-valid"
  | "approval-expired"
  | "approval-too-long"
  | "approval-inconsistent"
  | "approval-other-environment"
  | "approval-other-image"
  | "approval-other-migrations"
  | "approval-other-commands"
  | "approval-other-version"
  | "approval-other-source"
  | "approval-other-settings"
  | "approval-other-config"
  | "approval-other-plan"
  | "approval-other-file"
  | "approval-used"
  | "approval-own-commit"
  | "approval-own-deployment"
  | "approval-authors-unknown"
  | "approval-key-twice"
  | "approval-person-twice"
  | "approval-too-few"

export interface ApprovalProblem {
  code: ApprovalCode
  /** Index of the file, from 0; null: about all files. */
  file: number | null
  message: string
}

export type Found = Omit<ApprovalProblem, "file">
