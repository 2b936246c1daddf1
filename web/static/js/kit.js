// Wakes the kit's components and gives them Vietnamese words.
import { initAll } from "../vendor/govuk-frontend-6.6.0.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

initAll({
  accordion: {
    i18n: {
      hideAllSections: "Thu gọn tất cả", showAllSections: "Mở tất cả",
      hideSection: "Thu gọn", hideSectionAriaLabel: "Thu gọn mục này",
      showSection: "Mở", showSectionAriaLabel: "Mở mục này",
    },
  },
  characterCount: {
    i18n: {
      charactersUnderLimit: { other: "Còn %{count} ký tự" },
      charactersAtLimit: "Đã hết số ký tự cho phép",
      charactersOverLimit: { other: "Thừa %{count} ký tự" },
      wordsUnderLimit: { other: "Còn %{count} từ" },
      wordsAtLimit: "Đã hết số từ cho phép",
      wordsOverLimit: { other: "Thừa %{count} từ" },
      textareaDescription: { other: "Nhiều nhất %{count} ký tự" },
    },
  },
  fileUpload: {
    i18n: {
      chooseFilesButton: "Chọn tệp", dropInstruction: "hoặc kéo tệp vào đây", noFileChosen: "Chưa chọn tệp",
      multipleFilesChosen: { other: "Đã chọn %{count} tệp" },
      enteredDropZone: "Thả tệp vào đây", leftDropZone: "Đã ra khỏi vùng thả tệp",
    },
  },
  passwordInput: {
    i18n: {
      showPassword: "Hiện", hidePassword: "Ẩn",
      showPasswordAriaLabel: "Hiện mật khẩu", hidePasswordAriaLabel: "Ẩn mật khẩu",
      passwordShownAnnouncement: "Mật khẩu đang hiện", passwordHiddenAnnouncement: "Mật khẩu đã ẩn",
    },
  },
});
