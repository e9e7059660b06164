;;; kuneiform.el --- Schemas of kf  -*- lexical-binding: t -*-
;;; Commentary:
;; Highlighting, M-x kuneiform-check, and a checker for Flycheck where that is installed.
;;; Code:

(require 'compile)

(defvar kuneiform-font-lock-keywords
  `(("[$][[:alnum:]_]+" . font-lock-variable-name-face)
    ("@[[:alnum:]_]+" . font-lock-builtin-face)
    ("#[[:alnum:]_]+" . font-lock-constant-face)
    ("\\_<[0-9][[:xdigit:]x.]*\\_>" . font-lock-constant-face)
    (,(regexp-opt '("int" "int8" "text" "bool" "blob" "uuid" "uint256" "decimal" "numeric") 'symbols)
     . font-lock-type-face)
    (,(concat "\\_<\\(?:database\\|use\\|table\\|action\\|procedure\\|extern\\|function\\|public\\|private\\|view"
              "\\|owner\\|oracle\\|returns\\|primary\\|key\\|unique\\|index\\|not_null\\|default\\|foreign_key"
              "\\|references\\|if\\|elseif\\|else\\|for\\|in\\|return\\|next\\|break\\|continue\\|select\\|from\\|where"
              "\\|join\\|left\\|right\\|inner\\|full\\|on\\|using\\|group\\|by\\|having\\|order\\|limit\\|offset\\|insert"
              "\\|into\\|values\\|update\\|set\\|delete\\|with\\|recursive\\|as\\|union\\|all\\|except\\|intersect"
              "\\|distinct\\|case\\|when\\|then\\|end\\|and\\|or\\|not\\|is\\|null\\|true\\|false\\|exists\\|between"
              "\\|like\\|over\\|partition\\|conflict\\|do\\|nothing\\|tests\\|setup\\|test\\|expect\\|fails\\|matches"
              "\\|snapshot\\|unordered\\)\\_>")
     . font-lock-keyword-face)))

(defvar kuneiform-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?' "\"" table)
    (modify-syntax-entry ?_ "_" table)
    table))

;;;###autoload
(define-derived-mode kuneiform-mode prog-mode "Kuneiform"
  "Major mode for schemas of kf."
  (setq-local comment-start "// " comment-end "")
  (setq font-lock-defaults '(kuneiform-font-lock-keywords nil t)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.kft?\\'" . kuneiform-mode))

(define-compilation-mode kuneiform-check-mode "kf check"
  "What `kf check' said."
  ;; Columns count characters, not columns of the screen.
  (setq-local compilation-error-screen-columns nil)
  (setq-local compilation-error-regexp-alist
              '(("^\\(.+?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(info\\)\\)\\[KF[0-9]+\\]: "
                 1 2 3 (4 . 5)))))

;;;###autoload
(defun kuneiform-check ()
  "Check the project; `next-error' goes from fault to fault."
  (interactive)
  (compilation-start "kf check --format short --column-unit chars" #'kuneiform-check-mode))

(with-eval-after-load 'flycheck
  (eval
   '(progn
      (flycheck-define-checker kuneiform
        "Checks the text as it is typed; saved neighbours serve its imports."
        :command ("kf" "check" "--format" "short" "--column-unit" "chars"
                  "--stdin-filename" source-original "-")
        :standard-input t
        :modes kuneiform-mode
        :error-patterns
        ((error line-start (file-name) ":" line ":" column ": error[" (id (one-or-more alnum)) "]: " (message) line-end)
         (warning line-start (file-name) ":" line ":" column ": warning[" (id (one-or-more alnum)) "]: " (message) line-end)
         (info line-start (file-name) ":" line ":" column ": info[" (id (one-or-more alnum)) "]: " (message) line-end)))
      (add-to-list 'flycheck-checkers 'kuneiform))))

(provide 'kuneiform)
;;; kuneiform.el ends here
