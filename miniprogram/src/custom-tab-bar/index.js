// WeChat wants a component here as soon as the tab bar is custom.
Component({})
