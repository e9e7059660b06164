;; What stands where in `words', a file and a text of it in each line, is coloured as.  -*- lexical-binding: t -*-
(load (concat (getenv "KF_EDITORS") "/emacs/kuneiform.el") nil t)
(let ((out nil))
  (dolist (line (with-temp-buffer
                  (insert-file-contents "words")
                  (split-string (buffer-string) "\n" t)))
    (string-match "\\`\\([^|]*\\)|\\(.*\\)\\'" line)
    (let ((file (match-string 1 line)) (text (match-string 2 line)) (case-fold-search nil))
      (with-current-buffer (find-file-noselect file)
        (font-lock-ensure)
        (goto-char (point-min))
        (search-forward text)
        (push (format "%s" (get-text-property (match-beginning 0) 'face)) out))))
  (with-temp-file (getenv "KF_OUT") (insert (mapconcat #'identity (nreverse out) "\n") "\n")))
